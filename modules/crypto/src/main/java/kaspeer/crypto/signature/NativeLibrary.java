package kaspeer.crypto.signature;

import fr.acinq.secp256k1.Secp256k1;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.function.Supplier;
import kaspeer.primitives.natives.NativeFolder;
import org.jspecify.annotations.Nullable;

/** Loads libsecp256k1 once a process, and remembers why when it cannot. */
final class NativeLibrary {
  private static final NativeLibrary INSTANCE = new NativeLibrary(NativeLibrary::load);

  /** Where the library looks before it unpacks itself. */
  private static final String PATH = "fr.acinq.secp256k1.lib.path";

  private static final String NAME = "fr.acinq.secp256k1.lib.name";

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

  /** From the folder of the process, where it stays; without one, as the library does by itself. */
  private static Secp256k1 load() {
    Path folder = NativeFolder.common();
    String name = System.mapLibraryName("secp256k1-jni");
    // The names in the Linux jar; elsewhere there is no such file.
    String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    URL packed =
        Secp256k1.class.getResource("/fr/acinq/secp256k1/jni/native/linux-" + machine + "/" + name);
    if (folder != null && packed != null && System.getProperty(PATH) == null) {
      try {
        NativeFolder.unpack(packed, folder);
        System.setProperty(PATH, folder.toAbsolutePath().toString());
        System.setProperty(NAME, name);
      } catch (IOException _) {
        // The folder is for others to write: the library unpacks itself into the temporary folder.
      }
    }
    return Secp256k1.get();
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
