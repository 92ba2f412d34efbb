package net.donut.lab.clab.netns;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.plan.FrrDaemons;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.plan.ProfileStart;
import net.donut.lab.clab.plan.Shell;

/// The shell scripts that become a node: `outside` prepares a root of its own, `inside` is the
/// node's process 1.
final class NodeScript {
  /*
   * The root is an overlay: this machine's root below, memory above. What a node writes is its own
   * and gone with it; configuration binds may create directories that this machine does not have.
   * After pivot_root the old root is at /.host until binds are made. File descriptor 9 is the
   * node's status file, opened while this machine's files are still in sight:
   *
   *   pid N        process 1, as this machine counts
   *   program N    the number of the program in the node, which starts now
   *   ready        everything is in place, the program was started
   *   started      the program was started once more
   *   exited N     the program has ended
   *   again        and will be started again by itself
   *
   * With its program ends what it has started, but for an agent's: as on a router, its BFD speaker
   * goes on. A program that is not started again by itself is on signal USR1.
   */
  private static final String PLACES =
      """
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      export PATH
      umask 022
      mount -t proc proc /proc
      mount -t sysfs sysfs /sys 2>/dev/null || mount --rbind /.host/sys /sys
      mount --rbind /.host/dev /dev
      mount -t tmpfs -o mode=1777 tmpfs /dev/shm 2>/dev/null || :
      mount -t tmpfs -o mode=1777 tmpfs /tmp
      mount -t tmpfs -o mode=755 tmpfs /run
      mount -t tmpfs -o mode=755 tmpfs /var/log
      mkdir -p /run/lock
      bind() {
        if [ -d "/.host$1" ]; then
          mkdir -p "$2"
        else
          mkdir -p "$(dirname "$2")"
          [ -e "$2" ] || : >"$2"
        fi
        mount --bind "/.host$1" "$2"
        if [ "$3" = ro ]; then mount -o remount,bind,ro "$2"; fi
      }
      put() {
        rm -f "$1"
        cat >"$1"
      }
      setting() {
        if [ -e "/proc/sys/$1" ]; then
          printf '%s' "$2" >"/proc/sys/$1" || echo "sysctl $1=$2: refused" >&2
        else
          echo "sysctl $1: not on this kernel" >&2
        fi
      }
      """;

  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "ash", "/bin/sh", "/bin/bash", "/bin/ash");

  private final Plan plan;
  private final Plan.Node node;
  private final Profile profile;
  private final Path directory;

  NodeScript(Plan plan, Plan.Node node, Path directory) {
    this.plan = plan;
    this.node = node;
    this.profile = node.known().orElse(Profile.IDLE);
    this.directory = directory;
  }

  String outside() {
    return """
    set -e
    cd %1$s
    exec 9>>status
    read -r pid rest </proc/self/stat
    echo "pid $pid" >&9
    mount --make-rprivate /
    mount -t tmpfs -o mode=755 donut-node root
    cd root
    mkdir upper work tree
    mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work tree
    cd tree
    for d in usr opt; do
      if mountpoint -q "/$d" && ! [ -L "/$d" ]; then mount --rbind "/$d" "$d"; fi
    done
    mkdir -p .host
    pivot_root . .host
    exec chroot . /bin/sh -e /.host%2$s
    """
        .formatted(
            Shell.quote(directory.toString()), Shell.quote(directory.resolve("inside").toString()));
  }

  String inside() {
    StringBuilder script = new StringBuilder(PLACES);
    names(script);
    profile(script);
    files(script);
    sysctls(script);
    script.append("put /.start <<'END-OF-START'\n").append(start()).append("END-OF-START\n");
    return script.append(supervise(node.definition().life().restart())).toString();
  }

  /// Nobody stops a node but the lab, so `unless-stopped` is `always`.
  private String supervise(NodeDefinition.RestartPolicy policy) {
    String endTheRest = profile == Profile.DONUT_AGENT ? ":" : "kill -9 -1 2>/dev/null";
    return """
    umount -l /.host
    rmdir /.host
    cd /
    set +e
    word=ready
    pause=1
    again=
    trap again=yes USR1
    while :; do
      setsid /bin/sh /.start </dev/null 9>&- &
      child=$!
      echo "program $child" >&9
      echo "$word" >&9
      word=started
      code=
      while [ -z "$code" ]; do
        wait "$child"
        ended=$?
        kill -0 "$child" 2>/dev/null || code=$ended
      done
      %2$s
      echo "exited $code" >&9
      if [ %1$s = always ] || { [ %1$s = on-failure ] && [ $code -ne 0 ]; }; then
        echo again >&9
        sleep "$pause" 9>&-
        [ "$pause" -ge 30 ] || pause=$((pause * 2))
        continue
      fi
      again=
      while [ -z "$again" ]; do
        sleep 3600 9>&- &
        wait $!
        kill $! 2>/dev/null
      done
    done
    """
        .formatted(
            policy == NodeDefinition.RestartPolicy.UNLESS_STOPPED
                ? NodeDefinition.RestartPolicy.ALWAYS.word()
                : policy.word(),
            endTheRest);
  }

  private void names(StringBuilder script) {
    NodeDefinition definition = node.definition();
    String hostname = Shell.quote(definition.start().hostname());
    // Not by the program `hostname`, which takes no _ where the kernel does.
    script.append("printf %s ").append(hostname).append(" >/proc/sys/kernel/hostname\n");
    script.append("echo ").append(hostname).append(" | put /etc/hostname\n");
    script.append("put /etc/hosts <<'END-OF-HOSTS'\n");
    script.append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    for (Plan.Host host : plan.hosts()) {
      script.append("%s\t%s\n".formatted(host.address(), String.join(" ", host.names())));
    }
    script.append("END-OF-HOSTS\n");
    NodeDefinition.NameService dns = definition.network().dns();
    script.append("put /etc/resolv.conf <<'END-OF-RESOLV'\n");
    dns.servers().forEach(server -> script.append("nameserver ").append(server).append('\n'));
    line(script, "search", dns.search());
    line(script, "options", dns.options());
    script.append("END-OF-RESOLV\n");
  }

  private static void line(StringBuilder script, String word, List<String> values) {
    if (!values.isEmpty()) {
      script.append(word).append(' ').append(String.join(" ", values)).append('\n');
    }
  }

  private void profile(StringBuilder script) {
    switch (profile) {
      case FRR ->
          script.append(
              """
              mkdir -p /run/frr /var/log/frr /var/lib/frr /var/tmp/frr
              chown frr:frr /run/frr /var/log/frr /var/lib/frr /var/tmp/frr
              rm -f /etc/frr/*.conf
              echo 'service integrated-vtysh-config' >/etc/frr/vtysh.conf
              """
                  + program("/usr/lib/frr/docker-start", ProfileStart.dockerStart())
                  + program("/usr/sbin/tini", ProfileStart.tini()));
      case BIRD -> script.append("mkdir -p /run/bird\n");
      case OPENBGPD -> script.append("mkdir -p /run/openbgpd\n");
      case DONUT_AGENT, DONUT_CONTROLLER -> script.append(DonutProgram.lines());
      case GOBGP, IDLE -> {}
    }
  }

  /// A program that images of a profile have, where this machine has none of its own.
  private static String program(String at, String text) {
    return "[ -e %1$s ] || { put %1$s <<'END-OF-PROGRAM'\n%2$sEND-OF-PROGRAM\nchmod 755 %1$s\n}\n"
        .formatted(at, text);
  }

  /// The daemons that the configuration speaks to, where no file of the node's own says which run.
  private static String daemons(List<String> daemons) {
    StringBuilder lines = new StringBuilder();
    for (String daemon : daemons) {
      lines.append(daemon).append("=yes\n");
    }
    return lines.toString();
  }

  private void files(StringBuilder script) {
    NodeDefinition.Files files = node.definition().files();
    String sharedMemory = node.definition().container().limits().sharedMemory();
    if (!sharedMemory.isEmpty()) {
      script.append("mount -o remount,size=%s /dev/shm\n".formatted(Shell.quote(sharedMemory)));
    }
    for (Map.Entry<String, String> tmpfs : files.tmpfs().entrySet()) {
      String at = Shell.quote(tmpfs.getKey());
      String options = tmpfs.getValue().isEmpty() ? "rw" : tmpfs.getValue();
      script.append("mkdir -p %s\n".formatted(at));
      script.append("mount -t tmpfs -o %s tmpfs %s\n".formatted(Shell.quote(options), at));
    }
    if (node.definition().kind() == NodeDefinition.Kind.FRR) {
      daemons(script, files);
    }
    List<String> wanted = FrrDaemons.toStart(node);
    if (!wanted.isEmpty()) {
      // FRR reads the second file too: for a directory of the node's own that has none.
      String file = FrrDaemons.isDirectoryBound(node) ? "/etc/default/frr" : "/etc/frr/daemons";
      script.append(
          "cat >>%s <<'END-OF-DAEMONS'\n%sEND-OF-DAEMONS\n".formatted(file, daemons(wanted)));
    }
    for (Bind bind : files.binds()) {
      script.append(
          "bind %s %s %s\n"
              .formatted(
                  Shell.quote(bind.source().toString()),
                  Shell.quote(bind.destination()),
                  bind.isReadOnly() ? "ro" : "rw"));
    }
  }

  /// Kind frr: its daemons, and its configuration as a copy that the daemons may change.
  private static void daemons(StringBuilder script, NodeDefinition.Files files) {
    for (String daemon : files.daemons()) {
      script.append(
          "sed -i %s /etc/frr/daemons\n"
              .formatted(Shell.quote("s/^" + daemon + "=.*/" + daemon + "=yes/")));
    }
    if (files.startupConfig() != null) {
      script.append(
          "install -o frr -g frr -m 640 %s /etc/frr/frr.conf\n"
              .formatted(Shell.quote("/.host" + files.startupConfig())));
    }
  }

  private void sysctls(StringBuilder script) {
    node.definition()
        .start()
        .sysctls()
        .forEach(setting ->
            script.append(
                "setting %s %s\n"
                    .formatted(Shell.quote(setting.path()), Shell.quote(setting.value()))));
  }

  /// What the node runs: entrypoint and command of the file, or what the profile does.
  private String start() {
    StringBuilder script = new StringBuilder();
    node.environment()
        .forEach((name, value) -> {
          if (name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            script.append("export %s=%s\n".formatted(name, Shell.quote(value)));
          }
        });
    NodeDefinition.Start start = node.definition().start();
    List<String> words = new ArrayList<>(ShellWords.of(start.entrypoint()));
    if (words.isEmpty()) {
      words.addAll(ShellWords.of(profile.entrypoint()));
    }
    words.addAll(ShellWords.of(start.command()));
    boolean shell = words.size() == 1 && SHELLS.contains(words.getFirst());
    String user = start.user().isEmpty() ? "" : Shell.quote(User.of(start.user()).command()) + " ";
    if (words.isEmpty()) {
      String profileStart = ProfileStart.of(profile);
      return script
          .append(
              user.isEmpty()
                  ? profileStart
                  : "exec %s/bin/sh -c %s\n".formatted(user, Shell.quote(profileStart)))
          .toString();
    }
    return script
        .append("exec ")
        .append(user)
        .append(shell ? "sleep infinity" : Shell.quote(words))
        .append('\n')
        .toString();
  }
}
