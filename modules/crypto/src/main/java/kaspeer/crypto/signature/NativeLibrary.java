package kaspeer.crypto.signature;

import fr.acinq.secp256k1.Secp256k1;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Loads libsecp256k1 once a process, and remembers why when it cannot. */
final class NativeLibrary {
  private static final NativeLibrary INSTANCE = new NativeLibrary(Secp256k1::get);

  private final @Nullable Secp256k1 library;
  private final @Nullable Throwable failure;

  NativeLibrary(Supplier<Secp256k1> loader) {
    Secp256k1 loaded = null;
    Throwable thrown = null;
    try {
      loaded = loader.get();
    } catch (Exception | LinkageError e) {
      // The loader is Kotlin code: checked exceptions come through undeclared.
      thrown = e;
    }
    library = loaded;
    failure = thrown;
  }

  /**
   * The library of this process.
   *
   * @throws IllegalStateException if it could not be loaded
   */
  static Secp256k1 get() {
    return INSTANCE.library();
  }

  /** As {@link #get()}. */
  Secp256k1 library() {
    if (library == null) {
      throw new IllegalStateException(
          "libsecp256k1 cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": its jar secp256k1-kmp-jni-jvm-<os> must be on the class path and the folder "
              + System.getProperty("java.io.tmpdir")
              + " must allow executable files",
          failure);
    }
    return library;
  }
}
