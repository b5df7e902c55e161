"""From a question to checked, cited statements: retrieval, evidence, models, verification, commands."""
