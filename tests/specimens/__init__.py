"""Drawn specimens of identity documents: invented people, marked 样本 and SPECIMEN, no real form.

`people` invents, `cards` draws, `shots` photographs. Every choice comes from a seeded generator.
"""
