"""The programme of flight tests: requirements, cases, runs, and the matrix that says what is verified."""
