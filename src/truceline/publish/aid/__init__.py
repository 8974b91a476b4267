"""Pictures and pages of aid: files to print, and one page to explore."""
