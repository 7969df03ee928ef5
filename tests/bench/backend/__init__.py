"""What figures.py measures: rows with their kernels, arguments and references, and how one is measured."""
