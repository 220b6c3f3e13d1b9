"""Planning: months, problems and plans, reasons, changes, and the processes that search."""
