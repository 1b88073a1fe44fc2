/// Which release of Scenewatch this is.
public enum Release {
    /// The version of both programs, and of the protocol's `hello`.
    public static let version = "0.1.0"
}
