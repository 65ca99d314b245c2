package kaspeer.crypto.signature;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import kaspeer.primitives.natives.NativeFolder;
import org.jspecify.annotations.Nullable;

/** Loads libsecp256k1 once a process, and remembers why when it cannot. */
final class NativeLibrary {
  static final String FILE = System.mapLibraryName("secp256k1-jni");

  private static final int CONTEXT_NONE = 1;

  private static final NativeLibrary INSTANCE = new NativeLibrary(NativeLibrary::load);

  private final @Nullable SymbolLookup symbols;
  private final @Nullable Exception failure;

  NativeLibrary(Callable<SymbolLookup> loader) {
    SymbolLookup loaded = null;
    Exception thrown = null;
    try {
      loaded = loader.call();
    } catch (Exception e) {
      thrown = e;
    }
    symbols = loaded;
    failure = thrown;
  }

  private static SymbolLookup load() throws IOException {
    URL packed = packed();
    if (packed == null) {
      throw new IOException("its jar is not on the class path");
    }
    return load(packed, NativeFolder.common(), NativeLibrary::open);
  }

  /** Where the jar for this system has the library; null if that jar is not on the class path. */
  static @Nullable URL packed() {
    String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    return NativeLibrary.class.getResource(
        "/fr/acinq/secp256k1/jni/native/" + system + "-" + machine + "/" + FILE);
  }

  @SuppressWarnings("restricted") // the launcher and the images allow it
  private static SymbolLookup open(Path file) {
    return SymbolLookup.libraryLookup(file, Arena.global());
  }

  /**
   * Unpacks the library and opens it, in the folder of the process, where it stays. Where there is
   * none, or one that is for others to write or on a file system that runs no programs, in the
   * temporary folder, where it does not.
   *
   * @param open throws {@link IllegalArgumentException} if a file cannot be opened
   */
  static SymbolLookup load(URL packed, @Nullable Path common, Function<Path, SymbolLookup> open)
      throws IOException {
    if (common != null) {
      Path file = common.resolve(FILE);
      try {
        NativeFolder.unpack(packed, file);
        return open.apply(file);
      } catch (IOException | IllegalArgumentException _) {
        // As said above.
      }
    }
    Path folder = Files.createTempDirectory("kaspeer");
    Path file = folder.resolve(FILE);
    try {
      NativeFolder.unpack(packed, file);
      return open.apply(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /**
   * Links a function that returns an int. Where it takes pointers it is given arrays, which stay
   * where they are during the call.
   *
   * @throws IllegalStateException if the library could not be loaded
   */
  @SuppressWarnings("restricted")
  static MethodHandle function(String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            INSTANCE.symbols().findOrThrow(name),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
            Linker.Option.critical(true));
  }

  /** A call of a function in C, which throws nothing, through a handle, which might. */
  interface Call<T> {
    T run() throws Throwable;
  }

  static <T> T call(Call<T> function) {
    try {
      return function.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a function returned 1, which is how this library says yes. */
  static boolean succeeds(Call<Integer> function) {
    return call(function) == 1;
  }

  /** The context that serves for all but what multiplies a secret, without being made. */
  @SuppressWarnings("restricted")
  static MemorySegment staticContext() {
    return INSTANCE
        .symbols()
        .findOrThrow("secp256k1_context_static")
        .reinterpret(ValueLayout.ADDRESS.byteSize())
        .get(ValueLayout.ADDRESS, 0);
  }

  /** A context of its own, for as long as the process lives, which serves for everything. */
  @SuppressWarnings("restricted")
  static MemorySegment newContext() {
    MethodHandle create =
        Linker.nativeLinker()
            .downcallHandle(
                INSTANCE.symbols().findOrThrow("secp256k1_context_create"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    return call(() -> (MemorySegment) create.invokeExact(CONTEXT_NONE));
  }

  /** Throws {@link IllegalStateException} if the library could not be loaded. */
  static void require() {
    INSTANCE.symbols();
  }

  /** As {@link #require()}. */
  SymbolLookup symbols() {
    if (symbols == null) {
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
    return symbols;
  }
}
