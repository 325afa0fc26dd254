"""The three networks that see text: PP-OCR's, from the wheel of rapidocr. Need the extra.

What is done before and after them follows rapidocr 3 and PaddleOCR (both Apache-2.0). It is written
out here, since rapidocr reads its catalogue of models to download at every start, which took a third
of a look's time, and since a picture on its head can so be read in one pass.
"""
