"""The figures: `promoter` and the ways its users move versions today, on the same repositories."""
