-- name: newest_migration
SELECT max(version) FROM schema_migrations
