"""What every tool shares: who may be where, items, lists by visibility, activity, unread marks, search, trash."""
