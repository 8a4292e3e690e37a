"""Runs the commands that change nothing on a repository, and counts their CPU seconds."""

import resource

FINDING = (("init", "--dry-run"),)
BY_CONFIGURATION = (("status",), ("history",), ("history", "--limit", "10"))
COMMITTED = (("status",), ("history",), ("check",), ("check", "--base", "proof~20"))


def look(scratch, pipeline):
    scratch.put(scratch.head)
    print("before adoption:")
    found = time_each(scratch, None, FINDING)
    print("before adoption, with --config:")
    whole = time_each(scratch, scratch.configuration(pipeline.yaml()), BY_CONFIGURATION)
    scratch.put(scratch.commit({"promoter.yaml": pipeline.yaml()}, scratch.head))
    print("promoter.yaml committed on top:")
    return found & whole & time_each(scratch, None, COMMITTED)


def time_each(scratch, config, commands):
    """Whether each ended as a command may: done, or refused for a reason; never crashed."""
    known = True
    for command in commands:
        before = cpu()
        answer, code, _ = scratch.run(config, *command)
        print(f"  {' '.join(command):22} exit {code} {cpu() - before:6.2f} s CPU  {told(answer)}")
        known &= code in (0, 3)
    return known


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(answer):
    """What a command told, in numbers: the length of each of its lists."""
    if "error" in answer:
        return answer["error"]["message"]
    lists = {name: len(value) for name, value in answer.items() if isinstance(value, list)}
    return ", ".join(f"{length} {name}" for name, length in lists.items())
