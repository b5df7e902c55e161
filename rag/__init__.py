"""From a question to checked, cited statements: retrieval, evidence, language models, verification, commands."""
