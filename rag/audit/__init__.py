"""Audits a draft: does each cited abstract say what the sentence that cites it says?"""
