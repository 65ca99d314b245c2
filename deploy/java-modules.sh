# To be sourced: the modules of the Java runtime that the node and its libraries use. The container test runs a node on
# them.
# shellcheck disable=SC2034 # used by those who source it
java_modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported
