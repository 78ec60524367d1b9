"""What a hostile document would run. It is never imported: a test looks whether it was."""
