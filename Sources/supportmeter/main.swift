import ArgumentParser
import Yams
import UnixSignals
