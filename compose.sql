-- Run by psql in the postgres image of compose.yaml, as its superuser.
\getenv password DATABASE_PASSWORD
\getenv owner_password OWNER_PASSWORD
create role finlead_dono login password :'owner_password';
create role finlead login password :'password';
create database finlead owner finlead_dono encoding 'UTF8' template template0;
-- Without a password nobody is this superuser over the network; the socket in the container stays.
alter role current_user password null;
