interface Revised {
  job_id: string;
  revision: number;
  progress: number;
}

/**
 * Knows the newest state seen of each job, so that answers which overtake each other do no harm.
 *
 * Progress is reported between two revisions, so within one revision the greater progress is the newer.
 */
export class Revisions {
  private readonly newest = new Map<string, Revised>();

  /** Whether this is no older than all seen so far; if so, it is the newest from now on. */
  accept({ job_id, revision, progress }: Revised): boolean {
    const known = this.newest.get(job_id);
    if (known && (revision < known.revision || (revision === known.revision && progress < known.progress))) {
      return false;
    }
    this.newest.set(job_id, { job_id, revision, progress });
    return true;
  }

  /** For a server that may have started again from an older state. */
  forget(): void {
    this.newest.clear();
  }
}
