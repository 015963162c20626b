#!/usr/bin/env node
// The actor runtime beside hand-written JavaScript and its peers. For the options see beside.js.
import { goals } from "./actor-goals.js"
import { compare } from "./beside.js"

compare("actor", goals)
