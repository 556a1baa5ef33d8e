-- SQLite has no roles: the file belongs to one user. The number is the one of PostgreSQL's script.
SELECT 1;
