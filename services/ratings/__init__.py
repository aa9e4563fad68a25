"""The resident's rating, asked at receipt, supplement, refusal and delivery."""
