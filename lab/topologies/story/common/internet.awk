# The rest of the Internet, as BIRD reads it: 20,000 prefixes.
BEGIN {
  for (i = 0; i < 20000; i++)
    printf "route 20.%d.%d.0/24 blackhole { bgp_local_pref = 400; };\n", i / 256, i % 256
}
