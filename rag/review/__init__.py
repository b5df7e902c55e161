"""Drafts a literature review from one library: collect, outline, draft, write out, revise."""
