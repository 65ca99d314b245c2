# To be sourced: how scripts find the JDK. Maven's toolchain discovery looks for the same version (pom.xml).

jdk_wanted=25

# Prints the major version of the Java in a folder, from its release file; nothing if there is none.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] &&
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the first folder with a Java of the wanted version that has a program: javac to build with, java to run.
find_jdk() {
  on_path=$(command -v java || true)
  if [ -n "$on_path" ]; then
    on_path=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")
  fi
  for folder in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.m2/jdks/*; do
    version=$(jdk_version "$folder" || true)
    if [ "$version" = "$jdk_wanted" ] && [ -x "$folder/bin/$1" ]; then
      echo "$folder"
      return
    fi
  done
}
