"""Apache Kafka: the local broker, the topics, the relay and the bare intake. aiokafka stays here."""
