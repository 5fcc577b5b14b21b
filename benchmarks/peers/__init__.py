"""What `peers_attacked.py` needs: one small assignment in each tool's format, and the attacks."""
