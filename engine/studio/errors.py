"""What can be refused in the studio."""

from engine.casework.errors import Outdated
from engine.errors import N_, Conflict, Invalid, NotFound


class DraftUnknown(NotFound):
    """No draft has that id, or it has no file of that name."""

    code = "draft-unknown"
    message = N_("There is no such draft, or no such file in it.")


class DraftChanged(Outdated):
    """Somebody else saved the file first."""

    code = "draft-changed"
    message = N_("%(who)s saved this file while you were changing it. Nothing of either was overwritten.")


class DraftClosed(Conflict):
    """The draft was deployed or discarded."""

    code = "draft-closed"
    message = N_("This draft was deployed or discarded. Begin another one from the library.")


class DraftDeployed(Conflict):
    """The draft has done its work."""

    code = "draft-deployed"
    message = N_("This draft was deployed. Begin another one from the library.")


class FileUnfit(Invalid):
    """A file that belongs in no bundle."""

    code = "file-unfit"
    message = N_(
        "This file belongs in no bundle. "
        "A bundle holds .bpmn, .dmn, .form.json, .yaml, labels.en.toml and bundle.toml, 200 files and 10 MB at most."
    )


class FileStrange(FileUnfit):
    """A file among others that belongs in no bundle; it is named."""

    message = N_(
        "“%(file)s” belongs in no bundle. "
        "A bundle holds .bpmn, .dmn, .form.json, .yaml, labels.en.toml and bundle.toml."
    )


class KeyTaken(Invalid):
    """The name for a copy is taken, or is no name."""

    code = "key-taken"
    message = N_("Choose a new key: small letters, digits and hyphens, and not one that is there already.")


class ArchiveInvalid(Invalid):
    """What was to be imported cannot be read."""

    code = "archive-invalid"
    message = N_("This file cannot be read: a ZIP of a bundle is needed, or one of its files.")


class ExampleInvalid(Invalid):
    """The example that something is tried with cannot be read, or the model cannot be asked."""

    code = "example-invalid"
    message = N_('The example must be a JSON object, such as {"risk": "RED"}.')


class ReleaseUnknown(NotFound):
    """No release has that id."""

    code = "release-unknown"
    message = N_("There is no such release.")


class ReleaseOpen(Conflict):
    """The draft is on its way already."""

    code = "release-open"
    message = N_("This draft is on its way already. Withdraw that first, or wait for it.")


class ReleaseOver(Conflict):
    """The release is not in a state that allows this."""

    code = "release-over"
    message = N_("This release is past that. Look at it again.")


class OwnRelease(Conflict):
    """Who asked may not approve."""

    code = "own-release"
    message = N_("It carries deadlines of the law: another administrator than the one who asked must approve.")


class BaseMoved(Conflict):
    """Something of the bundle was deployed since the draft was begun."""

    code = "base-moved"
    message = N_(
        "Others have been deployed since this draft was begun: %(files)s. Look at the changes, then take them on."
    )


class NothingChanged(Invalid):
    """The draft is as what is in force."""

    code = "nothing-changed"
    message = N_("There is nothing to deploy: the draft is as what is in force.")


class RehearsalUnknown(NotFound):
    """No rehearsal has this id."""

    code = "rehearsal-unknown"
    message = N_("There is no rehearsal of this address.")


class ReplayUnknown(NotFound):
    """No replay has this id."""

    code = "replay-unknown"
    message = N_("There is nothing at this address that was played again.")


class VariablesInvalid(Invalid):
    """What was typed as variables is none."""

    code = "variables-invalid"
    message = N_("Variables are written one a line: name, colon, value. For example: risk: BLUE")


class WalkUnknown(NotFound):
    """No walk has this id."""

    code = "walk-unknown"
    message = N_("There are no played scenarios at this address.")


class StepTemplateUnknown(NotFound):
    """No template has this id."""

    code = "step-template-unknown"
    message = N_("There is no such template; somebody may have removed it.")


class StepTemplateUnfit(Invalid):
    """What should become a template is no single step, or has no name."""

    code = "step-template-unfit"
    message = N_("A template needs a name of at most 80 characters and one task or called process, of 20 kB at most.")
