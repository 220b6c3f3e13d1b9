"""What things are: frozen models, commands, events, the topic table and the wire format."""
