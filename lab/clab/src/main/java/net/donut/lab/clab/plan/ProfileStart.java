package net.donut.lab.clab.plan;

/// What a profile runs: a script for `/bin/sh` that becomes the program.
public final class ProfileStart {
  private static final String FRR =
      """
      log_success_msg() { :; }
      log_warning_msg() { echo "$@" >&2; }
      log_failure_msg() { echo "$@" >&2; }
      . /usr/lib/frr/frrcommon.sh
      daemon_list daemons
      exec /usr/lib/frr/watchfrr $daemons
      """;

  private static final String BIRD =
      """
      for file in /etc/bird.conf /usr/local/etc/bird.conf /etc/bird/bird.conf; do
        if [ -r "$file" ]; then exec bird -f -c "$file"; fi
      done
      echo "no bird.conf in /etc/bird" >&2
      exit 1
      """;

  private static final String GOBGP =
      """
      for file in /etc/gobgp/gobgp.* /etc/gobgp/gobgpd.* /etc/gobgpd.* /etc/gobgp.*; do
        case $file in
          *.toml | *.conf) format=toml ;;
          *.yml | *.yaml) format=yaml ;;
          *.json) format=json ;;
          *) continue ;;
        esac
        if [ -r "$file" ]; then exec gobgpd -t "$format" -f "$file"; fi
      done
      exec sleep infinity
      """;

  private static final String OPENBGPD =
      """
      for file in /etc/bgpd.conf /etc/bgpd/bgpd.conf /etc/openbgpd/bgpd.conf; do
        if [ -r "$file" ]; then
          install -m 600 "$file" /run/bgpd.conf
          exec bgpd -d -f /run/bgpd.conf
        fi
      done
      echo "no bgpd.conf in /etc" >&2
      exit 1
      """;

  /// What starts as process 1 in images of FRR and waits for its child; here the child is all.
  private static final String TINI =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case $1 in
          --) shift; break ;;
          -p | -e) shift 2 ;;
          -*) shift ;;
          *) break ;;
        esac
      done
      exec "$@"
      """;

  private ProfileStart() {}

  /// The program `/usr/lib/frr/docker-start` of FRR's image: its daemons, under watchfrr.
  public static String dockerStart() {
    return "#!/bin/bash\n" + FRR;
  }

  /// The program `tini`, the entrypoint of FRR's image and of many others.
  public static String tini() {
    return TINI;
  }

  /// The script of a profile.
  public static String of(Profile profile) {
    return switch (profile) {
      case FRR -> FRR;
      case BIRD -> BIRD;
      case GOBGP -> GOBGP;
      case OPENBGPD -> OPENBGPD;
      case IDLE -> "exec sleep infinity\n";
      case DONUT_AGENT, DONUT_CONTROLLER -> "exec " + profile.entrypoint() + "\n";
    };
  }
}
