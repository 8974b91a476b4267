"""What people read: drawings, bulletins, exports."""
