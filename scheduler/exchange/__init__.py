"""Problems and plans as plain files, for strangers: read, write, make, verify; no solver inside."""
