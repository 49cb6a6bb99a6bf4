/** The help text of `ip sr`. */
export const SR_USAGE = `\
Usage: ip sr { COMMAND | help }
       ip sr hmac show
       ip sr hmac set KEYID ALGO
       ip sr tunsrc show
       ip sr tunsrc set ADDRESS
ALGO := { sha1 | sha256 }

  hmac      keys that segment routing headers are signed with; set asks for the secret,
            and deletes the key if none is typed
  tunsrc    source address of the tunnels that segments are sent in`;
