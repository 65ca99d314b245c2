package kaspeer.crypto.signature;

import fr.acinq.secp256k1.Secp256k1;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.primitives.natives.NativeFolder;
import org.jspecify.annotations.Nullable;

/** Loads libsecp256k1 once a process, and remembers why when it cannot. */
final class NativeLibrary {
  private static final NativeLibrary INSTANCE = new NativeLibrary(NativeLibrary::load);

  /** Where the library looks before it unpacks itself. */
  static final String PATH = "fr.acinq.secp256k1.lib.path";

  static final String NAME = "fr.acinq.secp256k1.lib.name";

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
  @SuppressWarnings("restricted") // what the library would do itself
  private static Secp256k1 load() {
    Path folder = NativeFolder.common();
    if (folder != null && System.getProperty(PATH) == null) {
      offer(folder, System::load);
    }
    return Secp256k1.get();
  }

  /**
   * Unpacks the library and tells it where it is, if it can be loaded from there: the folder may be
   * for others to write, or on a file system that runs no programs. It then unpacks itself into the
   * temporary folder.
   */
  static void offer(Path folder, Consumer<String> loader) {
    String name = System.mapLibraryName("secp256k1-jni");
    // The names in the Linux jar; elsewhere there is no such file.
    String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    URL packed =
        Secp256k1.class.getResource("/fr/acinq/secp256k1/jni/native/linux-" + machine + "/" + name);
    if (packed == null) {
      return;
    }
    try {
      Path file = folder.resolve(name);
      NativeFolder.unpack(packed, file);
      loader.accept(file.toAbsolutePath().toString());
      System.setProperty(PATH, folder.toAbsolutePath().toString());
      System.setProperty(NAME, name);
    } catch (IOException | UnsatisfiedLinkError _) {
      // As said above.
    }
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
