"""The report: what the results say, told to people, in HTML, PDF, DOCX and XLSX."""
