/// What was built.
package enum BuildInfo {
    package static let version = "0.2.0"

    /// Always 1; its labels say what runs.
    package static func note(in metrics: Metrics) {
        metrics.set(TelemetryMetrics.build[version, compiler], to: 1)
    }

    private static let compiler: String = {
        #if compiler(>=6.4)
            "6.4 or newer"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }()
}
