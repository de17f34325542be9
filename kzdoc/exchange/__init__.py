"""What people do with partners: trust, bundles in, bundles out."""
