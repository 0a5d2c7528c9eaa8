CALL FILE_READ('../../not-theirs/secret.txt', 'UTF-8');
