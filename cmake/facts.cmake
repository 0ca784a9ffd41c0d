# Facts are data: analysis/facts/data/*.tsv become tables of constants when bulkhead is built.
