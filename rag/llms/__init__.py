"""Language models behind LlamaIndex's `LLM` interface; `rag.llms.table` names them."""
