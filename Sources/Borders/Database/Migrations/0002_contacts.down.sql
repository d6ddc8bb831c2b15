drop table if exists custom_fields, contact_interactions, contacts, clients;
