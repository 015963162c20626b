"""Runs a command on a pseudo-terminal: on-terminal.py ROWS COLUMNS STEPS COMMAND…

STEPS is JSON, [[text, action], …]: once the command has written the text since the step before, `resize ROWS COLUMNS` or
`press TEXT`. What the command writes goes to standard output, its exit code to standard error.
"""
import fcntl, json, os, pty, struct, sys, termios

rows, columns, steps, command = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:]


def size(to, rows, columns):
    fcntl.ioctl(to, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


child, terminal = pty.fork()
if child == 0:
    size(0, rows, columns)
    os.execvp(command[0], command)
seen = b""
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:  # the command has closed its side
        break
    if not read:
        break
    os.write(1, read)
    seen += read
    if steps and steps[0][0].encode() in seen:
        action = steps.pop(0)[1].split(" ")
        seen = b""
        if action[0] == "resize":
            size(terminal, int(action[1]), int(action[2]))
        else:
            os.write(terminal, action[1].encode())
sys.stderr.write(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
