DROP TABLE management_tokens;
DROP TABLE invitations;
DROP TABLE operators;
DROP TABLE memberships;
