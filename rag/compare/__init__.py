"""Papers side by side: what each abstract says about its task, data, method, size, result and limits."""
