-- One statement a paragraph. Why each is there: triggers.py.

CREATE TRIGGER journal_posting_first BEFORE INSERT ON journal_posting
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: this entry is closed')
    WHERE EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id);
  -- A column of SQLite takes any type, and sum() any text.
  SELECT RAISE(ABORT, 'a posting is a whole number of minor units')
    WHERE typeof(NEW.amount_minor) <> 'integer';
END

CREATE TRIGGER journal_entry_balanced BEFORE INSERT ON journal_entry
BEGIN
  SELECT RAISE(ABORT, 'a journal entry comes after all of its postings, two or more')
    WHERE NEW.size < 2
       OR NEW.size <> (SELECT count(*) FROM journal_posting WHERE entry_id = NEW.id)
       OR NEW.size <= (SELECT max(position) FROM journal_posting WHERE entry_id = NEW.id);
  SELECT RAISE(ABORT, 'the postings of a journal entry do not add up to zero in every currency')
    WHERE EXISTS (
      SELECT 1 FROM journal_posting WHERE entry_id = NEW.id
      GROUP BY currency HAVING sum(amount_minor) <> 0
    );
END

-- INSERT OR REPLACE deletes without asking the triggers for DELETE.
CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id OR cause = NEW.cause)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_posting_no_replace BEFORE INSERT ON journal_posting
WHEN EXISTS (SELECT 1 FROM journal_posting WHERE id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM journal_posting WHERE entry_id = NEW.entry_id AND position = NEW.position
  )
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_posting_no_update BEFORE UPDATE ON journal_posting
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_posting_no_delete BEFORE DELETE ON journal_posting
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
