\set user random(0, USERS - 1)
SELECT grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, reconnect_reason, reconnect_at FROM fathom_connections WHERE user_id = lpad(to_hex(:user::int), 24, '0')
