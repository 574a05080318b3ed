"""Times as copied pages write them, in many languages."""
