"""Topics of a broker that speaks Kafka's protocol: messages in as files, messages out."""
