"""The wiki."""
