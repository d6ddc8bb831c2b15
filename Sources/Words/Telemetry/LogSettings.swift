package import Settings

package enum LogSettings {
    package static let level = Setting("PARLEY_LOG", .choice, default: Log.Level.info, "debug, info, warning or error")
}
