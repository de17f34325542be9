"""Tables people bring and take away: CSV and XLSX (docs/formats/table.md)."""
