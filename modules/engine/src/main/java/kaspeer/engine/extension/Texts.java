package kaspeer.engine.extension;

/** Words of plug-ins. */
final class Texts {
  private static final int MOST = 512;

  private Texts() {}

  static String cut(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST);
  }
}
