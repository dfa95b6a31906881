-- Run by psql in the postgres image of compose.yaml, as its superuser.
\getenv password DATABASE_PASSWORD
create role finlead login password :'password';
create database finlead owner finlead encoding 'UTF8' template template0;
