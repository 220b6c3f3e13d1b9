"""The shell: ports, Postgres and, later, the broker. It moves bytes and holds no policy."""
